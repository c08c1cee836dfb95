// The open board says when it is out of date. It never changes by itself under somebody who reads it.
const place = document.getElementById("crisis-changed");
const EVERY = 30000;

async function look() {
  if (document.hidden || place.childElementCount) return;
  try {
    const answer = await fetch(place.dataset.ask, { credentials: "same-origin", cache: "no-store" });
    if (!answer.ok) return;
    if ((await answer.text()).trim() === place.dataset.version) return;
    const line = document.createElement("p");
    const link = document.createElement("a");
    line.className = "gt-said";
    link.href = window.location.pathname;
    link.textContent = "Something here has changed. Show it as it is now.";
    line.append(link);
    place.append(line);
  } catch {
    // Away from the network for a moment: the next look tells.
  }
}

if (place) {
  window.setInterval(look, EVERY);
  document.addEventListener("visibilitychange", look);
}
