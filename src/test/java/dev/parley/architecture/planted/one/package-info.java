@Feature(allowedDependencies = "two")
package dev.parley.architecture.planted.one;

import dev.parley.Feature;
