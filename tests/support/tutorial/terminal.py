"""Types into a command on a terminal: argv has the command and JSON, [[what it says, what is typed then], ...]."""
import json
import os
import pty
import sys

typed = json.loads(sys.argv[2])
pid, terminal = pty.fork()
if pid == 0:
    os.execvp("sh", ["sh", "-c", sys.argv[1]])
said, seen = b"", 0
while True:
    try:
        chunk = os.read(terminal, 4096)
    except OSError:
        break
    if not chunk:
        break
    said += chunk
    if typed and said[seen:].replace(b"\r", b"").endswith(typed[0][0].encode()):
        seen = len(said)
        os.write(terminal, typed.pop(0)[1].encode() + b"\n")
sys.stdout.buffer.write(said.replace(b"\r", b""))
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
