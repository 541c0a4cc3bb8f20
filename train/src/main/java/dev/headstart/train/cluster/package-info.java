/// Groups of examples without labels: k-means and what becomes of it, and how well groups agree.
package dev.headstart.train.cluster;
