"""What Grafana is given: provisioning, dashboards, and the source the dashboards are made of."""
