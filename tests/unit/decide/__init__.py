"""Tests of what is decided: tables of cases, and whole stories played in a world in memory."""
