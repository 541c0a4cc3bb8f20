/// Networks read from Keras files.
package dev.headstart.zoo.keras;
