/// Who is where, and how to spread the load: instances from settings, DNS or etcd, picked by one balancer.
@NullMarked
package dev.slipway.discovery;

import org.jspecify.annotations.NullMarked;
