"""Hostile programs, in three families. Run them in the sandbox and nowhere else.

FAKES do not compute what is asked (`add`) and try to pass all the same. ESCAPES try something that must not work:
`attack()` returns True where it worked, and the tests hold it to False, so that passing proves that it was tried.
FLOODS take all they can get.
"""

from __future__ import annotations

ADD_TESTS = ["assert add(2, 3) == 5", "assert add(10, -4) == 6"]

FAKES: dict[str, str] = {
    "sys_exit_at_import": "import sys\nsys.exit(0)",
    "sys_exit_in_call": "import sys\ndef add(a, b): sys.exit(0)",
    "os_exit": "import os\ndef add(a, b): os._exit(0)",
    "os_exit_at_import": "import os\nos._exit(0)",
    "atexit": "import atexit, os\natexit.register(lambda: os._exit(0))\ndef add(a, b): raise SystemExit(0)",
    "kill_self": "import os\ndef add(a, b): os.kill(os.getpid(), 9)",
    "kill_first_process": "import os\ndef add(a, b):\n    os.kill(1, 9); os.kill(1, 15); os.kill(1, 19)\n    return 0",
    "kill_all": "import os\ndef add(a, b): os.kill(-1, 9)",
    "signal_parent": "import os, signal\ndef add(a, b):\n    for n in range(1, 32): os.kill(os.getppid(), n)\n    return 0",
    "ignore_signals": """
import signal
for n in range(1, 32):
    try: signal.signal(n, signal.SIG_IGN)
    except (OSError, ValueError): pass
def add(a, b):
    while True: pass
""",
    "alarm_handler": "import signal, os\nsignal.signal(14, lambda *_: os._exit(0))\nsignal.alarm(1)\n"
    "def add(a, b):\n    while True: pass",
    "always_equal": """
class Yes(int):
    def __eq__(self, other): return True
    def __ne__(self, other): return False
    __hash__ = int.__hash__
def add(a, b): return Yes(0)
""",
    "always_equal_object": "class Yes:\n    def __eq__(self, other): return True\ndef add(a, b): return Yes()",
    "arithmetic_object": """
class Zero:
    def __sub__(self, other): return self
    def __abs__(self): return self
    def __lt__(self, other): return True
    def __eq__(self, other): return True
def add(a, b): return Zero()
""",
    "patched_assertion_error": "import builtins\nbuiltins.AssertionError = type('A', (BaseException,), {})\n"
    "def add(a, b): return 0",
    "patched_builtins": "import builtins\nfor n in ('all', 'any', 'isinstance', 'len', 'abs', 'eval', 'exec'):\n"
    "    setattr(builtins, n, lambda *a: True)\ndef add(a, b): return 0",
    "patched_unittest": "import unittest\nunittest.TestCase.assertEqual = lambda *a: None\n"
    "unittest.TestResult.wasSuccessful = lambda s: True\ndef add(a, b): return 0",
    "patched_server": """
import sys
for module in list(sys.modules.values()):
    for name in list(vars(module)):
        if name in ('encode', 'decode', 'run_code', 'run_tests', 'main'):
            try: setattr(module, name, lambda *a, **k: b'T')
            except Exception: pass
def add(a, b): return 0
""",
    "prints_verdicts": "print('[[true, \"\"], [true, \"\"]]')\nprint('OK\\nPASSED\\n2 passed')\ndef add(a, b):\n"
    "    print(5); print(6)\n    return 0",
    "writes_every_descriptor": """
import os
def add(a, b):
    for fd in range(64):
        for text in (b'00000010l2;t2;Ts0;t2;Ts0;', b'T', b'passed'):
            try: os.write(fd, text)
            except OSError: pass
    return 0
""",
    "forged_answers": """
import os
message = b't3;s5;values1;\\x00l0;'
for fd in range(3, 64):
    try: os.write(fd, b'%08x' % len(message) + message)
    except OSError: pass
def add(a, b): return 0
""",
    "endless_message": "import os\nfor fd in range(3, 64):\n    try: os.write(fd, b'ffffffff' + b'x' * 100)\n"
    "    except OSError: pass\ndef add(a, b): return 0",
    "deep_value": "def add(a, b):\n    x = []\n    for _ in range(5000): x = [x]\n    return x",
    "self_containing_value": "def add(a, b):\n    x = []\n    x.append(x)\n    return x",
    "huge_value": "def add(a, b): return 'x' * (1 << 26)",
    "huge_int": "def add(a, b): return 1 << (1 << 24)",
    "reads_tests_from_frames": """
import gc, sys
def add(a, b):
    seen = repr([f for f in gc.get_objects() if isinstance(f, (str, dict))][:100000])
    frame = sys._getframe()
    while frame: seen += repr(frame.f_locals); frame = frame.f_back
    return 5 if 'assert add(2, 3) == 5' in seen.replace(chr(92), '') and '== 5' in seen else 0
""",
    "guesses_from_memory": """
def add(a, b):
    text = ''
    for pid in ('1', 'self'):
        try:
            for line in open(f'/proc/{pid}/maps'):
                if 'rw-p' in line and ('heap' in line or line.endswith(' 0 \\n')):
                    start, end = (int(x, 16) for x in line.split()[0].split('-'))
                    memory = open(f'/proc/{pid}/mem', 'rb'); memory.seek(start)
                    text += memory.read(min(end - start, 1 << 20)).decode('latin-1')
        except OSError: pass
    mark = 'assert add(' + f'{a}, {b}) =' + '= '
    place = text.find(mark)
    return int(text[place + len(mark):].split()[0].strip(chr(0))) if place >= 0 else 0
""",
    "recursion": "def add(a, b): return add(a, b)",
    "wrong_with_cheering": "def add(a, b): return True",
    "name_error": "subtract = 1",
    "syntax_error": "def add(a, b) return a + b",
    "null_byte": "def add(a, b): return 0\x00",
    "raises_base_exception": "def add(a, b): raise BaseException('all tests passed')",
    "raises_stop": "def add(a, b): raise GeneratorExit",
    "thread_outlives": "import threading, time\nthreading.Thread(target=lambda: time.sleep(99)).start()\n"
    "def add(a, b): return 0",
    "child_answers": "import os\nif os.fork(): os._exit(0)\ndef add(a, b): return 0",
    "shadowed_builtins": "def len(x): return 5\ndef bool(x): return True\nint = abs = len\ndef add(a, b): return 0",
    "metaclass": "class M(type):\n    def __call__(c, *a): return 0\n    def __eq__(c, o): return True\n"
    "class add(metaclass=M): pass",
    "module_getattr": "def __getattr__(name): return lambda *a: 0",
    "stdout_closed": "import os\nfor fd in range(64):\n    try: os.close(fd)\n    except OSError: pass\n"
    "def add(a, b): return 0",
}

SCRIPT_TESTS = [{"stdin": "2 3\n", "stdout": "5"}, {"stdin": "10 -4\n", "stdout": "6"}]

#: Programs run as scripts that do not add.
SCRIPTS: dict[str, str] = {
    "exits_silently": "import os\nos._exit(0)",
    "prints_both": "print(5); print(6)",
    "right_but_crashes": "a, b = map(int, input().split())\nprint(a + b)\nraise SystemExit(3)",
    "remembers": """
try: answer = open('/tmp/last').read()
except OSError: answer = '5'
open('/tmp/last', 'w').write('6')
print(answer if answer == '5' else '7')
""",
    "prints_for_ever": "while True: print('5')",
    "waits_for_ever": "import sys\nwhile True: sys.stdin.read(); import time; time.sleep(1)",
    "daemon": "import os\nif os.fork() == 0:\n    os.setsid()\n    if os.fork() == 0:\n        while True: pass\nprint(1)",
}

#: Attacks that must return False. `SECRET` is replaced with the path of a file of the host.
ESCAPES: dict[str, str] = {
    "internet": """
import socket
def attack():
    for host in ('127.0.0.1', '1.1.1.1', '169.254.169.254'):
        try: socket.create_connection((host, PORT), 0.3); return True
        except OSError: pass
    return False
""",
    "udp": """
import socket
def attack():
    try: socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'x', ('127.0.0.1', PORT)); return True
    except OSError: return False
""",
    "vsock": "import socket\ndef attack():\n    try: socket.socket(40, socket.SOCK_STREAM); return True\n"
    "    except OSError: return False",
    "host_file": "def attack():\n    try: open('SECRET').read(); return True\n    except OSError: return False",
    "symlink": "import os\ndef attack():\n    os.symlink('SECRET', '/tmp/link')\n"
    "    try: open('/tmp/link').read(); return True\n    except OSError: return False",
    "hard_link": "import os\ndef attack():\n    try: os.link('/usr/bin/env', '/tmp/link'); return True\n"
    "    except OSError: return False",
    "proc_root": """
import os
def attack():
    for pid in [p for p in os.listdir('/proc') if p.isdigit()] + ['self', 'thread-self']:
        for way in ('root', 'cwd'):
            try: open(f'/proc/{pid}/{way}SECRET').read(); return True
            except OSError: pass
    return False
""",
    "other_processes": "import os\ndef attack(): return len([p for p in os.listdir('/proc') if p.isdigit()]) > 3",
    "tester_memory": "def attack():\n    try: open('/proc/1/mem', 'rb'); return True\n    except OSError: return False",
    "tester_descriptors": """
import os
def attack():
    try: return bool(os.listdir('/proc/1/fd'))
    except OSError: return False
""",
    "tester_environment": "def attack():\n    try: return bool(open('/proc/1/environ').read())\n"
    "    except OSError: return False",
    "ptrace": "import ctypes\ndef attack(): return ctypes.CDLL(None).ptrace(16, 1, 0, 0) == 0",
    "process_vm_readv": """
import ctypes
class Iovec(ctypes.Structure): _fields_ = [('base', ctypes.c_void_p), ('length', ctypes.c_size_t)]
def attack():
    room = ctypes.create_string_buffer(8)
    mine, theirs = Iovec(ctypes.addressof(room), 8), Iovec(id(room), 8)
    return ctypes.CDLL(None).process_vm_readv(1, ctypes.byref(mine), 1, ctypes.byref(theirs), 1, 0) > 0
""",
    "environment": "import os\ndef attack(): return any('towerplus' in v or 'SECRET' in v for v in os.environ.values())",
    "shadow": "def attack():\n    try: open('/etc/shadow'); return True\n    except OSError: return False",
    "write_usr": "def attack():\n    try: open('/usr/x', 'w'); return True\n    except OSError: return False",
    "write_root": "def attack():\n    try: open('/x', 'w'); return True\n    except OSError: return False",
    "write_dev_shm": "def attack():\n    try: open('/dev/shm/x', 'w'); return True\n    except OSError: return False",
    "write_proc_sys": "def attack():\n    try: open('/proc/sys/kernel/hostname', 'w').write('x'); return True\n"
    "    except OSError: return False",
    "mount": "import ctypes\ndef attack(): return ctypes.CDLL(None).mount(b'x', b'/tmp', b'tmpfs', 0, None) == 0",
    "new_user_namespace": "import ctypes\ndef attack(): return ctypes.CDLL(None).unshare(0x10000000) == 0",
    "chroot": "import os\ndef attack():\n    try: os.chroot('/tmp'); return True\n    except OSError: return False",
    "setuid": "import os\ndef attack():\n    try: os.setuid(0); return True\n    except OSError: return False",
    "setuid_binary": """
import subprocess
def attack():
    try: return subprocess.run(['/usr/bin/su', '-c', 'id'], capture_output=True, timeout=3).returncode == 0
    except OSError: return False
""",
    "raise_limits": "import resource\ndef attack():\n    try: resource.setrlimit(resource.RLIMIT_AS, (1 << 40, 1 << 40)); "
    "return True\n    except (OSError, ValueError): return False",
    "shared_memory": "import ctypes\ndef attack(): return ctypes.CDLL(None).shmget(0, 1 << 24, 0o1600) >= 0",
    "memfd": "import os\ndef attack():\n    try: os.memfd_create('x'); return True\n    except OSError: return False",
    "device": "import os\ndef attack():\n    try: os.mknod('/tmp/sda', 0o60600, os.makedev(254, 0)); return True\n"
    "    except OSError: return False",
    "terminal": "import os\ndef attack():\n    try: os.open('/dev/tty', os.O_RDWR); return True\n"
    "    except OSError: return False",
    "reboot": "import ctypes\ndef attack(): return ctypes.CDLL(None).reboot(0x1234567) == 0",
    "priority": "import os\ndef attack():\n    try: os.nice(-5); return True\n    except OSError: return False",
    "other_runs": "import os\ndef attack():\n    seen = bool(os.listdir('/tmp'))\n    open('/tmp/left', 'w').write('x')\n"
    "    return seen",
}

FLOODS: dict[str, str] = {
    "fork_bomb": """
import os
def add(a, b):
    while True:
        try: os.fork()
        except OSError: pass
""",
    "thread_bomb": """
import threading, time
def add(a, b):
    while True:
        try: threading.Thread(target=time.sleep, args=(99,)).start()
        except RuntimeError: pass
""",
    "memory": "def add(a, b):\n    x = []\n    while True: x.append(bytearray(1 << 20))",
    "memory_of_many": """
import os, time
def add(a, b):
    for _ in range(8):
        if not os.fork():
            x = bytearray(b'x') * (100 << 20)
            time.sleep(99)
    time.sleep(99)
""",
    "disk": """
def add(a, b):
    n = 0
    while True:
        n += 1
        try: open(f'/tmp/{n}', 'wb').write(b'x' * (4 << 20))
        except OSError: pass
""",
    "files": "def add(a, b):\n    n = 0\n    while True:\n        n += 1\n        open(f'/tmp/{n}', 'w').close()",
    "descriptors": "import os\nkeep = []\ndef add(a, b):\n    while True: keep.append(os.open('/dev/null', 0))",
    "output": "import sys\ndef add(a, b):\n    while True: sys.stdout.write('x' * 65536)",
    "loop": "def add(a, b):\n    while True: pass",
    "sleep": "import time\ndef add(a, b): time.sleep(999)",
    "pipes": "import os\nkeep = []\ndef add(a, b):\n    while True:\n        r, w = os.pipe(); os.set_blocking(w, False)\n"
    "        os.write(w, b'x' * 65536); keep.append((r, w))",
    "large_power": "def add(a, b): return 9 ** 9 ** 9",
    "source": "add = " + "(" * 20000 + ")" * 20000,
}
