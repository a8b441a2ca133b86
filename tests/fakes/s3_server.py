"""A real server with S3's interface (moto), a process of its own that checks keys and signatures."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import boto3
from attrs import define

from storage.sounds.s3 import Bucket

ADMISSION = 4
"""Requests that it takes unsigned: those by which a user, a key and a bucket are made."""
_POLICY = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]}'
_PATIENCE_SECONDS = 60.0


@define(eq=False)
class S3Server:
    """The server, and our bucket in it."""

    bucket: Bucket
    _process: "subprocess.Popen[bytes]"

    def objects(self) -> dict[str, bytes]:
        """Everything that lies in the bucket."""
        client = boto3.client(
            "s3",
            endpoint_url=self.bucket.endpoint,
            region_name=self.bucket.region,
            aws_access_key_id=self.bucket.key_id,
            aws_secret_access_key=self.bucket.secret,
        )
        try:
            listed = client.list_objects_v2(Bucket=self.bucket.name).get("Contents", [])
            names = [one["Key"] for one in listed]
            return {
                name: client.get_object(Bucket=self.bucket.name, Key=name)["Body"].read() for name in names
            }
        finally:
            client.close()

    @contextmanager
    def hangs(self) -> Iterator[None]:
        """Let it answer nobody."""
        self._process.send_signal(signal.SIGSTOP)
        try:
            yield
        finally:
            self._process.send_signal(signal.SIGCONT)


@contextmanager
def s3_server(folder: Path) -> Iterator[S3Server]:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    environ = {**os.environ, "INITIAL_NO_AUTH_ACTION_COUNT": str(ADMISSION), "PYTHONWARNINGS": "ignore"}
    with (folder / "s3-server.log").open("wb") as log:
        process = subprocess.Popen(  # noqa: S603
            [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)],
            env=environ,
            stdout=log,
            stderr=log,
        )
    try:
        _require_answers(process, port)
        yield S3Server(_admitted(f"http://127.0.0.1:{port}"), process)
    finally:
        process.kill()
        process.wait()


def _require_answers(process: "subprocess.Popen[bytes]", port: int) -> None:
    until = time.monotonic() + _PATIENCE_SECONDS
    while process.poll() is None and time.monotonic() < until:
        try:
            with socket.create_connection(("127.0.0.1", port), 1):
                return
        except OSError:
            time.sleep(0.05)
    raise RuntimeError("The S3 server did not start.")


def _admitted(endpoint: str) -> Bucket:
    """Make a user who may use the bucket, and the bucket."""
    given = {
        "endpoint_url": endpoint,
        "region_name": "us-east-1",
        "aws_access_key_id": "none",
        "aws_secret_access_key": "none",
    }
    iam, s3 = boto3.client("iam", **given), boto3.client("s3", **given)
    try:
        iam.create_user(UserName="hotline")
        iam.put_user_policy(UserName="hotline", PolicyName="all", PolicyDocument=_POLICY)
        key = iam.create_access_key(UserName="hotline")["AccessKey"]
        s3.create_bucket(Bucket="recordings")
    finally:
        iam.close()
        s3.close()
    return Bucket(
        endpoint=endpoint,
        name="recordings",
        region="us-east-1",
        key_id=key["AccessKeyId"],
        secret=key["SecretAccessKey"],
    )
