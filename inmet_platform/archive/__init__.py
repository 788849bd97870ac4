"""INMET's yearly zips: asked for at the portal, downloaded whole, stored under `raw/`.

Here belongs how the portal is asked; not what a zip holds.
"""
