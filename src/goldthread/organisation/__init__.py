"""Who and where: units as a dated tree, people, posts, roles, sign-in; and the one question "who may see or do this?"."""
