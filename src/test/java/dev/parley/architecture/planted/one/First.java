package dev.parley.architecture.planted.one;

import dev.parley.architecture.planted.three.Third;
import dev.parley.architecture.planted.two.Second;

public record First(Second declared, Third undeclared) {}
