"""The settings, from the environment and `.env`, and how they must agree.

Here belongs a new setting and the sentence that tells a wrong one; not what is done with it.
"""
