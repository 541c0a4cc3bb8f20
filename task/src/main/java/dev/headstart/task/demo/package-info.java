/// The main job: what a head start is worth, measured on the locale data that every JDK carries.
package dev.headstart.task.demo;
