/// Networks that Headstart itself pre-trains, with names of their own.
package dev.headstart.zoo.own;
