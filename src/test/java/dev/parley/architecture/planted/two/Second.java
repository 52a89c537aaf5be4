package dev.parley.architecture.planted.two;

public record Second() {}
