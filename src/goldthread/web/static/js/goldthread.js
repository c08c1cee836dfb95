// Everything works without this file; it only starts nhsuk-frontend's own improvements.
import { initAll } from "../vendor/nhsuk-frontend.min.js";

initAll();
