"""s3cmd knows one STS only, sts.amazonaws.com:443. With this folder on PYTHONPATH that connection ends at the host and
port of STS_ADDRESS; TLS, names and bytes stay s3cmd's own."""
import os
import socket

connect = socket.create_connection
host, _, port = os.environ.get("STS_ADDRESS", "").partition(":")


def create_connection(address, *args, **kwargs):
    return connect((host, int(port)) if host and address == ("sts.amazonaws.com", 443) else address, *args, **kwargs)


socket.create_connection = create_connection
