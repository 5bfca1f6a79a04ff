#!/bin/sh
# Checks the layout of every Swift file against .swift-format; exit status 1 when one differs.
set -eu
cd "$(dirname "$0")/.."
exec "${SWIFT:-swift}" format lint --strict --parallel --recursive Sources Tests Package.swift
