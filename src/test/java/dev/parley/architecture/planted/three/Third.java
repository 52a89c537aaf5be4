package dev.parley.architecture.planted.three;

import dev.parley.architecture.planted.one.First;

public record Third(First first) {}
