/// Pictures as files: PNG and JPEG, alone or in folders whose names are the classes.
package dev.headstart.images;
