/// Charts as SVG, the HTML report, and tables for the terminal: what a run found, in a form that can be passed on as one file.
package dev.headstart.train.report;
