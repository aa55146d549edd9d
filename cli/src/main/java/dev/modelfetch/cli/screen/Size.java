package dev.modelfetch.cli.screen;

/** Of a terminal, in cells. */
record Size(int columns, int rows) {}
