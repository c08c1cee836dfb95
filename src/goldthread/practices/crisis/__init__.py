"""Crisis: what changes in a hard week, who may change it, and when that ends.

The incident level says how serious it is; a devolution mode says who decides. The one does not follow from the other. A mode is
declared as a decision with an issuer, a channel, a start and an end; it ends by itself, and a look-back review falls due that
keeps, adapts or ends what was changed under it. Meanwhile response teams decide on the subjects given to them, services are
reconfigured (need, raised, decided, live, sustained), situation updates say what is known and what is not, ethics advice comes
within hours, and people are rotated out of hard areas and offered a check-in nobody else can read. Read practice.py first.
"""
