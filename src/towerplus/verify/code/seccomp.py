"""The system calls that programs in the sandbox are refused, as a filter for bubblewrap.

Namespaces and limits do most of the work. The filter takes what they leave: memory that no limit counts (System V
shared memory, memfd), new namespaces (rights over a fresh kernel surface), reading other processes, sockets other than
local ones (vsock and others are not fully cut off by a network namespace), and calls that only administrators need.

The program is classic BPF over `struct seccomp_data` (linux/seccomp.h, linux/filter.h); numbers from the kernel's
system call tables.
"""

from __future__ import annotations

import platform
import struct

_LOAD, _EQUAL, _ABOVE, _BITS, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_NUMBER, _ARCHITECTURE, _ARGUMENT = 0, 4, 16  # offsets in struct seccomp_data
_ALLOW, _KILL, _ERRNO = 0x7FFF0000, 0x80000000, 0x00050000
_EPERM, _ENOSYS = 1, 38
_AF_UNIX = 1
_NEW_NAMESPACE = 0x7E020000  # CLONE_NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET
_CLONE3 = 435  # its flags lie in memory, where no filter can see them; libc falls back to clone

#: Refused on both architectures under one number: pidfd_getfd, io_uring, the new mount calls, memfd_secret and others.
_COMMON = (*range(425, 434), 438, 440, 442, 447)

# fmt: off
#: machine -> AUDIT_ARCH, clone, socket, refused calls: ptrace, process_vm_*, kcmp, shm*, semget, msgget, mq_open,
#: memfd_create, splice family, keys, bpf, perf, userfaultfd, mounts, chroot, unshare, setns, kexec, modules, handles...
_MACHINES: dict[str, tuple[int, int, int, tuple[int, ...]]] = {
    "x86_64": (0xC000003E, 56, 41, (
        101, 310, 311, 312, 29, 30, 31, 64, 68, 240, 319, 275, 276, 278, 248, 249, 250, 321, 298, 323, 165, 166, 155,
        161, 272, 308, 246, 320, 175, 313, 176, 303, 304, 135, 179, 300, 169, 167, 168,
    )),
    "aarch64": (0xC00000B7, 220, 198, (
        117, 270, 271, 272, 194, 195, 196, 190, 186, 180, 279, 75, 76, 77, 217, 218, 219, 280, 241, 282, 40, 39, 41,
        51, 97, 268, 104, 294, 105, 273, 106, 264, 265, 92, 60, 262, 142, 224, 225,
    )),
}
# fmt: on


def supported() -> bool:
    """Whether the numbers of this machine's calls are known."""
    return platform.machine() in _MACHINES


def program(machine: str | None = None) -> bytes:
    """The filter, as `bwrap --seccomp` reads it. Raises KeyError for a machine that is not `supported`."""
    architecture, clone, socket, refused = _MACHINES[machine or platform.machine()]
    steps = [_load(_ARCHITECTURE), *_unless_equal(architecture, _KILL), _load(_NUMBER)]
    steps += _if_at_least(0x40000000, _KILL)  # x32
    for number in sorted({*refused, *_COMMON}):
        steps += _if_equal(number, _ERRNO | _EPERM)
    steps += _if_equal(_CLONE3, _ERRNO | _ENOSYS)
    # clone with new namespaces, sockets of other families: a look at the first argument
    steps += [_jump(_EQUAL, clone, 0, 3), _load(_ARGUMENT), _jump(_BITS, _NEW_NAMESPACE, 0, 1)]
    steps += [_step(_RETURN, _ERRNO | _EPERM), _load(_NUMBER)]
    steps += [_jump(_EQUAL, socket, 0, 3), _load(_ARGUMENT), _jump(_EQUAL, _AF_UNIX, 1, 0)]
    steps += [_step(_RETURN, _ERRNO | _EPERM), _step(_RETURN, _ALLOW)]
    return b"".join(steps)


def _step(code: int, value: int, true: int = 0, false: int = 0) -> bytes:
    return struct.pack("HBBI", code, true, false, value)


def _jump(code: int, value: int, true: int, false: int) -> bytes:
    return _step(code, value, true, false)


def _load(offset: int) -> bytes:
    return _step(_LOAD, offset)


def _if_equal(value: int, result: int) -> list[bytes]:
    return [_jump(_EQUAL, value, 0, 1), _step(_RETURN, result)]


def _unless_equal(value: int, result: int) -> list[bytes]:
    return [_jump(_EQUAL, value, 1, 0), _step(_RETURN, result)]


def _if_at_least(value: int, result: int) -> list[bytes]:
    return [_jump(_ABOVE, value, 0, 1), _step(_RETURN, result)]
