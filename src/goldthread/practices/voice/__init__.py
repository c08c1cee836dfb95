"""Voice: what people on the ground see, heard by somebody who must answer.

A nurse, a porter or a registrar says what could be better, named, with the name kept from managers, or anonymously with a
code. Each idea becomes one decision, "answer this idea": the unit's manager answers with a canonical state and a reason, or it
goes to the unit above. Leaders visit and listen; what they promise there has a clock. The author is told at each step and says
whether they were told and would raise again. Read practice.py first.
"""
