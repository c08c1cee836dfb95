"""Questions as people ask them, and where each should go under a shipped scheme: decision-maker, way, days."""

from goldthread.methods.rights import Value

QUESTIONS: dict[str, list[tuple[dict[str, Value], tuple[str, str, int]]]] = {
    "nhs-trust": [
        ({}, ("ward_manager", "alone", 2)),  # move the handover to the bedside
        ({"subject": "spending", "cost": 5_000}, ("ward_manager", "alone", 2)),
        ({"risk": "moderate"}, ("ward_manager", "advice", 7)),  # nurse-led removal of catheters
        ({"reversible": False}, ("ward_manager", "advice", 7)),  # a wall taken out
        ({"subject": "spending", "cost": 5_001}, ("department_head", "advice", 5)),
        ({"scope": "department", "cost": 25_000}, ("department_head", "advice", 5)),
        ({"scope": "division", "cost": 100_000, "risk": "moderate"}, ("division_director", "advice", 10)),
        ({"subject": "digital", "scope": "organisation", "cost": 300_000}, ("executive", "advice", 14)),
        ({"subject": "estate", "scope": "division", "cost": 620_000}, ("board", "majority", 42)),
        (
            {"subject": "estate", "scope": "division", "reversible": False},
            ("board", "majority", 60),
        ),  # close a ward for good
        ({"risk": "high"}, ("forum", "consent", 14)),
        ({"subject": "policy", "scope": "organisation"}, ("forum", "consent", 21)),
        ({"subject": "policy", "scope": "department"}, ("department_head", "advice", 10)),
        (
            {"subject": "idea", "scope": "organisation", "risk": "moderate", "reversible": False},
            ("unit_manager", "alone", 14),
        ),
        ({"subject": "idea", "risk": "high"}, ("forum", "consent", 14)),
        ({"subject": "joint_service", "organisations": 2}, ("chief_executive", "joint", 10)),
        ({"subject": "joint_service"}, ("executive", "advice", 14)),  # partners not named yet
        ({"subject": "information_sharing", "organisations": 2}, ("executive", "two-key", 5)),
        ({"subject": "crisis"}, ("chief_executive_in_an_incident", "alone", 0)),
        ({"mode": "devolved", "cost": 49_999, "risk": "moderate"}, ("unit_manager", "alone", 1)),
        ({"mode": "devolved", "risk": "high"}, ("unit_manager", "two-key", 1)),
        ({"mode": "devolved", "cost": 50_000}, ("division_director", "advice", 10)),
        ({"mode": "devolved", "scope": "organisation"}, ("executive", "alone", 1)),
        ({"subject": "authority"}, ("executive", "advice", 14)),  # a ward asks for a higher limit
        ({"subject": "authority", "scope": "organisation"}, ("board", "majority", 42)),
        ({"scope": "system", "organisations": 2, "cost": 2_000_000}, ("chief_executive", "joint", 42)),
    ],
    "ics": [
        ({}, ("team_lead", "alone", 2)),
        ({"subject": "spending", "cost": 5_001}, ("department_head", "advice", 5)),
        ({"scope": "division", "cost": 80_000}, ("executive", "advice", 10)),
        ({"scope": "place", "cost": 250_000}, ("place_lead", "advice", 10)),
        ({"scope": "place", "cost": 250_001}, ("executive", "advice", 14)),
        ({"scope": "system", "cost": 400_000, "subject": "digital"}, ("executive", "advice", 14)),
        ({"scope": "system", "cost": 700_000}, ("board", "majority", 42)),
        ({"scope": "place", "organisations": 3}, ("place_lead", "joint", 10)),  # GPs, trust and council of one place
        (
            {"scope": "system", "organisations": 3, "subject": "staffing"},
            ("collaborative", "joint", 10),
        ),  # one staff bank
        ({"scope": "system", "organisations": 3}, ("chief_executive", "joint", 10)),
        (
            {"scope": "system", "organisations": 4, "cost": 2_000_000, "subject": "joint_service"},
            ("partnership", "consent", 42),
        ),
        ({"scope": "system", "subject": "policy"}, ("partnership", "consent", 28)),
        ({"scope": "division", "subject": "policy"}, ("executive", "advice", 14)),
        ({"scope": "place", "subject": "practice", "reversible": False}, ("board", "majority", 84)),  # a unit closes
        ({"risk": "high", "scope": "place"}, ("forum", "consent", 14)),
        ({"subject": "information_sharing", "organisations": 5}, ("executive", "two-key", 5)),
        ({"subject": "idea", "scope": "system"}, ("unit_manager", "alone", 14)),
        ({"subject": "crisis"}, ("chief_executive_in_an_incident", "alone", 0)),
        ({"mode": "devolved", "scope": "place", "cost": 40_000}, ("unit_manager", "alone", 1)),
        ({"mode": "devolved", "risk": "high"}, ("unit_manager", "two-key", 1)),
        ({"subject": "authority"}, ("executive", "advice", 14)),
        ({"subject": "authority", "scope": "place"}, ("board", "majority", 42)),  # what a place may decide
    ],
    "company": [
        ({}, ("team_lead", "alone", 2)),
        ({"risk": "moderate"}, ("team_lead", "advice", 7)),
        ({"subject": "spending", "cost": 25_000}, ("department_head", "advice", 5)),
        ({"subject": "spending", "cost": 25_001}, ("country_head", "two-key", 7)),
        ({"subject": "spending", "cost": 100_001}, ("executive", "two-key", 14)),
        ({"subject": "spending", "cost": 500_001}, ("board", "majority", 42)),
        ({"scope": "place", "cost": 90_000}, ("country_head", "advice", 10)),
        ({"scope": "system", "cost": 90_000}, ("executive", "advice", 14)),
        ({"subject": "staffing", "scope": "division"}, ("executive", "advice", 28)),  # the works forum is heard
        ({"subject": "policy", "scope": "organisation"}, ("forum", "consent", 21)),
        (
            {"subject": "estate", "scope": "organisation", "reversible": False},
            ("board", "majority", 60),
        ),  # close a works
        ({"risk": "high"}, ("executive", "advice", 14)),
        ({"subject": "joint_service", "organisations": 2}, ("chief_executive", "joint", 10)),
        ({"subject": "information_sharing"}, ("executive", "two-key", 5)),
        ({"subject": "idea", "cost": 5_000}, ("unit_manager", "alone", 14)),
        ({"subject": "crisis"}, ("chief_executive_in_an_incident", "alone", 0)),
        ({"mode": "devolved", "cost": 49_999}, ("unit_manager", "alone", 1)),
        ({"mode": "devolved", "risk": "high"}, ("executive", "alone", 1)),
        ({"subject": "authority"}, ("executive", "advice", 14)),
        ({"subject": "authority", "scope": "organisation"}, ("board", "majority", 42)),
        ({"organisations": 2, "cost": 2_000_000}, ("chief_executive", "joint", 42)),
    ],
}
