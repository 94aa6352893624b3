"""Types at a program that runs on a pseudo-terminal, and shows what it wrote.

terminal.py STEP... -- PROGRAM ARGUMENT...
A step is `sees TEXT` (waits for it, from where the last one was seen), `types TEXT` or `ctrl-c`.
Ends with the program's exit code; 99 when a text did not come, or the program did not end.
"""
import os
import pty
import select
import signal
import sys
import time

PATIENCE = 60
LOST = 99


class Screen:
    def __init__(self, terminal):
        self.terminal = terminal
        self.text = ''
        self.seen = 0

    def read(self):
        """False once the program has ended."""
        if not select.select([self.terminal], [], [], 0.2)[0]:
            return True
        try:
            written = os.read(self.terminal, 65536)
        except OSError:
            return False
        self.text += written.decode('utf-8', 'replace')
        return bool(written)

    def sees(self, wanted):
        end = time.monotonic() + PATIENCE
        while wanted not in self.text[self.seen:]:
            if time.monotonic() > end or not self.read():
                return False
        self.seen = self.text.index(wanted, self.seen) + len(wanted)
        return True

    def ends(self):
        end = time.monotonic() + PATIENCE
        while self.read():
            if time.monotonic() > end:
                return False
        return True


def step(screen, said):
    word, _, text = said.partition(' ')
    if word == 'sees':
        return screen.sees(text)
    os.write(screen.terminal, b'\x03' if word == 'ctrl-c' else text.encode() + b'\n')
    return True


def main():
    at = sys.argv.index('--')
    process, terminal = pty.fork()
    if process == 0:
        signal.signal(signal.SIGINT, signal.SIG_DFL)  # ignored in what a shell starts with &
        os.execvp(sys.argv[at + 1], sys.argv[at + 1:])
    screen = Screen(terminal)
    missed = next((said for said in sys.argv[1:at] if not step(screen, said)), None)
    ended = missed is None and screen.ends()
    if not ended:
        os.kill(process, 9)
    code = os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])
    sys.stdout.buffer.write(screen.text.encode())
    sys.stdout.flush()
    if not ended:
        print('\nin vain:', missed or 'the end')
        sys.exit(LOST)
    sys.exit(code if code >= 0 else 128 - code)


main()
