package dev.slipway.discovery;

import io.grpc.LoadBalancer;
import io.grpc.LoadBalancerProvider;
import io.grpc.protobuf.services.HealthCheckingLoadBalancerUtil;

/// Offers grpc-java the policy [GrpcTargets#POLICY]; it is found as a service of the JDK's `ServiceLoader`.
public final class TargetsBalancerProvider extends LoadBalancerProvider {
    private static final int PRIORITY = 5;

    @Override
    public LoadBalancer newLoadBalancer(LoadBalancer.Helper channel) {
        var plain = new LoadBalancer.Factory() {
            @Override
            public LoadBalancer newLoadBalancer(LoadBalancer.Helper helper) {
                return new TargetsBalancer(helper);
            }
        };
        return HealthCheckingLoadBalancerUtil.newHealthCheckingLoadBalancer(plain, channel);
    }

    @Override
    public String getPolicyName() {
        return GrpcTargets.POLICY;
    }

    @Override
    public boolean isAvailable() {
        return true;
    }

    @Override
    public int getPriority() {
        return PRIORITY;
    }
}
