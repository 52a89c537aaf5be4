/// Rules that the code as a whole keeps. Planted violations prove that each rule can fail.
package dev.parley.architecture;
