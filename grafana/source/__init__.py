"""Grafana's dashboards as code: `make dashboards` writes `grafana/dashboards/*.json` from here.

What a column means and how it is shown is declared once (fields.py); a query asks the data service
(infinity.py); a panel shows it (panels.py, plugins.py); a page lays panels out (page.py). The other
modules are one dashboard each. Nothing here runs when the platform runs.
"""
