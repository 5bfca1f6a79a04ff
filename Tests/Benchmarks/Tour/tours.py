#!/usr/bin/env python3
"""How near the best known tour `forever-server order` comes, on invented crates.

Usage: tours.py PROGRAM [COUNT:SECONDS ...] [--seeds N] [--runs N]
   as: tours.py .build/release/forever-server 400:0.5 2000:5

For each crate the whole cost matrix is written by `order --costs` and solved by another solver, elkai (Helsgaun's
LKH; `pip install elkai numpy`), as a path from the same start: a node more, which is next to the start for nothing.
The costs are compared as they stand in the matrix. Prints a table for Docs/Performance.md.
"""
import argparse
import csv
import json
import os
import random
import subprocess
import sys
import tempfile
import time

import elkai
import numpy as np

STYLES = [  # genre, tempo and its spread, energy
    ("downtempo", 88, 8, 0.3), ("hip hop", 94, 7, 0.45), ("house", 123, 3, 0.65), ("Deep House", 121, 3, 0.55),
    ("tech house", 126, 3, 0.75), ("techno", 132, 6, 0.8), ("trance", 138, 4, 0.85), ("dubstep", 140, 2, 0.8),
    ("drum & bass", 174, 3, 0.95), ("ambient", 75, 12, 0.15), ("Indie Pop", 112, 18, 0.55), ("", 120, 20, 0.5),
]
TONICS = ["C", "C#", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B"]
TAGS = ["dark", "night", "summer", "vocal", "dub", "live", "remix", "free", "2012", "london"]
SCALE = 100_000  # whole numbers for the other solver


def crate(count, seed):
    """Tracks in clusters, as a collection is, with holes in what is known."""
    draw = random.Random(seed)
    tracks = []
    for number in range(count):
        genre, tempo, spread, energy = draw.choice(STYLES)
        track = {
            "id": f"t{number}", "title": f"Title {number}",
            "artist": f"Artist {int(max(1, count // 4) * draw.random() ** 1.5)}",
            "tempo": round(draw.gauss(tempo, spread), 2),
            "duration": round(min(900, max(60, draw.gauss(250, 80))), 1),
            "key": {"tonic": draw.choice(TONICS), "mode": draw.choice(["major", "minor"])},
            "energy": round(min(1, max(0, draw.gauss(energy, 0.12))), 3),
            "danceability": round(min(1, max(0, draw.gauss(0.55, 0.2))), 3),
            "loudness": round(draw.gauss(-11, 3), 1), "genre": genre,
            "tags": draw.sample(TAGS, draw.randint(0, 4)),
        }
        for name in list(track):
            if name != "id" and draw.random() < 0.07:
                del track[name]
        tracks.append(track)
    return tracks


def solved(program, path, costs, seconds, seed):
    command = [program, "order", "--tracks", path, "--start", "t0", "--seconds", str(seconds), "--seed", str(seed),
               "--json"]
    if costs:
        command += ["--costs", costs]
    return json.loads(subprocess.run(command, check=True, capture_output=True).stdout)


def reference(matrix, runs):
    """The other solver's path from the first track: its cost and the processor time it took."""
    count = len(matrix)
    far = 4 * SCALE
    whole = np.full((count + 1, count + 1), far, dtype=int)
    whole[:count, :count] = np.rint(matrix * SCALE)
    whole[count, 0] = whole[0, count] = whole[count, count] = 0
    began = time.process_time()
    tour = elkai.DistanceMatrix(whole.tolist()).solve_tsp(runs=runs)[:-1]
    took = time.process_time() - began
    end = tour.index(count)
    path = tour[end + 1:] + tour[:end]
    if path[0] != 0:
        path.reverse()
    assert path[0] == 0 and sorted(path) == list(range(count))
    return price(matrix, path), took


def price(matrix, path):
    return float(sum(matrix[a, b] for a, b in zip(path, path[1:])))


def main():
    reader = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    reader.add_argument("program")
    reader.add_argument("sizes", nargs="*", default=["400:0.5", "2000:5"])
    reader.add_argument("--seeds", type=int, default=3, help="crates of each size")
    reader.add_argument("--runs", type=int, default=1, help="runs of the other solver")
    asked = reader.parse_args()
    print("| tracks | seconds | CPU s | cost | LKH | its CPU s | above the best known |")
    print("|---|---|---|---|---|---|---|")
    worst = {}
    for size in asked.sizes:
        count, seconds = int(size.split(":")[0]), float(size.split(":")[1])
        for seed in range(1, asked.seeds + 1):
            with tempfile.TemporaryDirectory() as folder:
                path, costs = os.path.join(folder, "tracks.json"), os.path.join(folder, "costs.csv")
                with open(path, "w") as file:
                    json.dump(crate(count, seed), file)
                answer = solved(asked.program, path, None, seconds, seed)
                solved(asked.program, path, costs, 0, seed)
                with open(costs, newline="") as file:
                    rows = list(csv.reader(file))
            matrix = np.array([[float(cell) for cell in row] for row in rows[1:]])
            place = {name: number for number, name in enumerate(rows[0])}
            ours = price(matrix, [place[name] for name in answer["order"]])
            theirs, took = reference(matrix, asked.runs)
            above = 100 * (ours / min(ours, theirs) - 1)
            worst[count] = max(above, worst.get(count, 0))
            print(f"| {count} | {seconds:g} | {answer['cpu_s']:.2f} | {ours:.3f} | {theirs:.3f} | {took:.1f} | "
                  f"{above:.2f} % |", flush=True)
    for count, above in worst.items():
        print(f"worst of {count}: {above:.2f} %", file=sys.stderr)


if __name__ == "__main__":
    main()
