/// Networks for images.
package dev.headstart.zoo.vision;
