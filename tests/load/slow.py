"""Opens connections and sends the head of a request a byte at a time, for ever.

    slow.py ADDRESS CONNECTIONS SECONDS
"""

import resource
import socket
import sys
import time
import urllib.parse

address, count, seconds = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
_, most = resource.getrlimit(resource.RLIMIT_NOFILE)
resource.setrlimit(resource.RLIMIT_NOFILE, (min(most, count + 100), most))
parts = urllib.parse.urlsplit(address)


def opened():
    connection = socket.create_connection((parts.hostname, parts.port))
    connection.send(b"GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ")
    return connection


connections = [opened() for _ in range(count)]
print(f"{count} slow connections are open")
cut = 0
end = time.monotonic() + seconds + 4
while time.monotonic() < end:
    time.sleep(1)
    for index, connection in enumerate(connections):
        try:
            connection.send(b"x")
        except OSError:
            cut += 1
            connections[index] = opened()
print(f"{cut} times the server cut one off, and it came again")
