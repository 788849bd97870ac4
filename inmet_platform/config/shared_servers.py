"""Settings of the servers that a team shares: MLflow's, and MySQL behind it and Dagster.

Nothing here is needed on one machine: without them MLflow's store is a SQLite file. A container
of the MLflow server reads these settings alone (`mlflow_server.py`), not the platform's.
"""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

# Only what the fields ask for: looking after each other line of .env costs most of the reading.
OPTIONAL = SettingsConfigDict(
    dotenv_filtering="only_existing", extra="ignore", env_ignore_empty=True, frozen=True
)

# Without a user and a password: MLflow's client has settings of its own for them.
_SERVER_ADDRESS = re.compile(r"https?://[^/@\s]+(/[^@\s]*)?")


class SharedServers(BaseSettings):
    """Where MLflow and MySQL are; every setting is optional, but they must agree."""

    model_config = OPTIONAL

    home: Path = Field(description="folder that holds `data/` and `.inmet/`")

    mlflow_tracking_uri: str | None = Field(None, description="MLflow's server; no keys needed")
    mlflow_backend_uri: SecretStr | None = Field(None, description="the database of the server")
    mlflow_artifact_root: str | None = None
    mlflow_artifact_bucket: str | None = None
    mlflow_minio_endpoint_url: str | None = Field(None, description="empty on AWS")
    minio_access_key_id: str | None = None
    minio_secret_access_key: SecretStr | None = None
    mlflow_server_allowed_hosts: str | None = Field(None, description="Host headers, with ports")

    dagster_url: str = "http://127.0.0.1:3001"

    mysql_host: str | None = Field(None, description="where Dagster's instance is stored")
    mysql_port: int = 3306
    mysql_database: str | None = None
    mysql_user: str | None = None
    mysql_password: SecretStr | None = None

    @property
    def processed_dir(self) -> Path:
        """Where results for people are written."""
        return self.home / "data" / "processed"

    def mlflow_client_uri(self) -> str:
        """Where the platform logs: the server when there is one, else the database itself."""
        return self.mlflow_tracking_uri or self.mlflow_store_uri()

    def mlflow_store_uri(self) -> str:
        """`MLFLOW_BACKEND_URI`, with a relative SQLite path taken from the home folder."""
        uri = self.mlflow_backend_uri.get_secret_value() if self.mlflow_backend_uri else ""
        scheme, _, path = uri.partition(":///")
        if scheme != "sqlite" or Path(path).is_absolute():
            return uri
        return f"sqlite:///{self.home / path}"

    def mlflow_place(self) -> str:
        """`mlflow_client_uri` without user and password, to be shown and kept."""
        return re.sub(r"//[^/]*@", "//", self.mlflow_client_uri())

    def mlflow_artifact_uri(self) -> str | None:
        """Where the platform itself puts artifacts; None when it is the server's to choose."""
        return None if self.mlflow_tracking_uri else self._artifact_folder()

    def mlflow_artifacts_destination(self) -> str | None:
        """Where the server puts what it is sent: the bucket, or the folder."""
        if self.mlflow_artifact_bucket:
            return f"s3://{self.mlflow_artifact_bucket}/mlflow"
        return self._artifact_folder()

    def _artifact_folder(self) -> str | None:
        """`MLFLOW_ARTIFACT_ROOT`, a relative folder taken from the home folder."""
        root = self.mlflow_artifact_root
        if root is None or "://" in root or Path(root).is_absolute():
            return root
        return (self.home / root).as_uri()

    def server_contradictions(self) -> list[str]:
        """One sentence for each thing that the MLflow server could not start with."""
        found = self._store_contradictions()
        if self.mlflow_backend_uri is None:
            found.append("MLFLOW_BACKEND_URI is not set; .env.example shows its form")
        return found

    def _store_contradictions(self) -> list[str]:
        found = []
        uri = self.mlflow_store_uri()
        if uri.startswith("http"):
            found.append(
                "MLFLOW_BACKEND_URI: expected a database (sqlite:///…, mysql+pymysql://…), found "
                "the address of a server; that belongs in MLFLOW_TRACKING_URI"
            )
        if self.mlflow_artifact_bucket and self.mlflow_artifact_root:
            found.append(
                "MLFLOW_ARTIFACT_BUCKET and MLFLOW_ARTIFACT_ROOT: both are set; remove one"
            )
        keys = (self.minio_access_key_id, self.minio_secret_access_key)
        if (keys[0] is None) != (keys[1] is None):
            found.append(
                "MINIO_ACCESS_KEY_ID and MINIO_SECRET_ACCESS_KEY: only one is set; set both, or "
                "neither to use the machine's role"
            )
        if self.mlflow_minio_endpoint_url and not self.mlflow_artifact_bucket:
            found.append(
                "MLFLOW_MINIO_ENDPOINT_URL is set without MLFLOW_ARTIFACT_BUCKET; name the bucket, "
                "or remove the address"
            )
        return [*found, *self._mysql_contradictions(uri)]

    def contradictions(self) -> list[str]:
        """One sentence for each pair that does not agree, with what to do."""
        found = self._store_contradictions()
        if not self.mlflow_tracking_uri and not self.mlflow_backend_uri:
            found.append(
                "MLFLOW_BACKEND_URI is not set; .env.example shows its form "
                "(or set MLFLOW_TRACKING_URI to a server's address)"
            )
        if self.mlflow_tracking_uri and not _SERVER_ADDRESS.fullmatch(self.mlflow_tracking_uri):
            found.append(
                "MLFLOW_TRACKING_URI: expected http://host:port without user and password, found "
                "another form; MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD sign in"
            )
        if self.mlflow_artifact_bucket and not self.mlflow_tracking_uri:
            found.append(
                "MLFLOW_ARTIFACT_BUCKET is set without MLFLOW_TRACKING_URI: only the server writes "
                "to the bucket; set its address, such as http://mlflow:5000"
            )
        return found

    def _mysql_contradictions(self, store_uri: str) -> list[str]:
        if self.mysql_host is None:
            return []
        needed = {
            "MYSQL_DATABASE": self.mysql_database,
            "MYSQL_USER": self.mysql_user,
            "MYSQL_PASSWORD": self.mysql_password,
        }
        missing = [name for name, value in needed.items() if not value]
        found = []
        if missing:
            found.append(f"MYSQL_HOST is set without {', '.join(missing)}; Dagster needs them all")
        store = urlsplit(store_uri)
        if store.scheme.startswith("mysql") and (store.hostname, store.path) == (
            self.mysql_host,
            f"/{self.mysql_database}",
        ):
            # Each would take the other's migrations for its own.
            found.append(
                f"MLFLOW_BACKEND_URI and MYSQL_DATABASE: both name {self.mysql_database!r}, but "
                "MLflow and Dagster both keep a table alembic_version; give each a database"
            )
        return found
