"""Governance: forums, drafts and partners; who decides is settled in the record, here is how people prepare it together.

A matter is any question that somebody raises for decision. A draft is a strategy or policy written clause by clause with those it
binds: every comment gets an answer before it can be adopted, and each clause shows where its words come from. A forum's agenda is
drawn from the decisions that need it, and its minutes are those decisions. Organisations pledge to each other: promised, due, kept,
confirmed by the receiver; the parts that cross organisations are database functions, and each side keeps its own row. Partners
without accounts take part through signed links for one act. Briefs say what each partner aims at and cannot do; joint initiatives
are chosen by effort and benefit and looked at after ninety days. A public page of promises is off until an organisation switches it
on. Read practice.py first.
"""
