@Feature(allowedDependencies = "one")
package dev.parley.architecture.planted.three;

import dev.parley.Feature;
