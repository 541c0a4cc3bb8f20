/// Layers with named parts, losses, and the distributions weights start from.
package dev.headstart.nn;
