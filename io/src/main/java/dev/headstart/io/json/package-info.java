/// JSON: values, reading and writing.
package dev.headstart.io.json;
