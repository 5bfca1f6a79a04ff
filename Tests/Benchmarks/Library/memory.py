#!/usr/bin/env python3
"""What a station needs for a library of so many files: resident memory and processor time when it has been gone
through for the first time, and again after a restart.

    swift build -c release --product forever-server
    Tests/Benchmarks/Library/memory.py .build/release/forever-server 1000 100000

Files are short WAVs, each of its own content, 200 in a folder. Needs python3 and a disk with 4 KB for each file.
"""
import os
import re
import signal
import struct
import subprocess
import sys
import tempfile
import time

SAMPLES = 80
SCAN_SECONDS_MAX = 1800


def make(folder, count):
    head = b"RIFF" + struct.pack("<I", 36 + SAMPLES * 2) + b"WAVEfmt " + struct.pack("<IHHIIHH", 16, 1, 1, 8000, 16000, 2, 16)
    head += b"data" + struct.pack("<I", SAMPLES * 2)
    for number in range(count):
        inner = f"{folder}/{number // 200:05d}"
        if number % 200 == 0:
            os.makedirs(inner)
        with open(f"{inner}/Artist {number % 997} - Title {number}.wav", "wb") as file:
            file.write(head + struct.pack("<I", number) + bytes(SAMPLES * 2 - 4))


def kilobytes(pid, name):
    with open(f"/proc/{pid}/status") as file:
        return int(re.search(rf"^{name}:\s+(\d+)", file.read(), re.M).group(1))


def cpu_seconds(pid):
    with open(f"/proc/{pid}/stat") as file:
        fields = file.read().rsplit(") ", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def scan(program, folder, data):
    """Starts a station and gives what it needed when it had gone through the library."""
    said = open(f"{data}.log", "wb+")
    station = subprocess.Popen(
        [program, "--library", folder, "--data", data, "--host", "127.0.0.1", "--port", "0", "--seed", "1"],
        stdout=subprocess.DEVNULL, stderr=said)
    try:
        began = time.time()
        while time.time() - began < SCAN_SECONDS_MAX and station.poll() is None:
            with open(f"{data}.log", "rb") as file:
                if b"library: " in file.read():
                    break
            time.sleep(0.2)
        else:
            sys.exit(f"no end of the scan; what it said is in {data}.log")
        return (time.time() - began, cpu_seconds(station.pid), kilobytes(station.pid, "VmRSS"), kilobytes(station.pid, "VmHWM"))
    finally:
        station.send_signal(signal.SIGTERM)
        station.wait(20)


def main():
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    program, counts = sys.argv[1], [int(count) for count in sys.argv[2:]]
    print("| files | scan | wall s | CPU s | resident MB | peak MB |\n|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as place:
        peaks = []
        for count in counts:
            folder, data = f"{place}/music-{count}", f"{place}/data-{count}"
            make(folder, count)
            for name in ["first", "again"]:
                wall, cpu, resident, peak = scan(program, folder, data)
                if name == "first":
                    peaks.append(peak)
                print(f"| {count} | {name} | {wall:.1f} | {cpu:.1f} | {resident / 1024:.0f} | {peak / 1024:.0f} |", flush=True)
        print(f"\npeak of the largest to that of the smallest: {peaks[-1] / peaks[0]:.2f}")


main()
