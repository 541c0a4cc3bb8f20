/// Few parameters in place of many: what is added to a finished model and learnt while the model itself is frozen.
package dev.headstart.nn.adapt;
