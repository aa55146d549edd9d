package dev.modelfetch.spring;

import org.springframework.boot.actuate.health.Health;
import org.springframework.boot.actuate.health.HealthIndicator;

/** {@link Standing} for Spring Boot 3. */
final class ModelfetchHealth3 implements HealthIndicator {

    private final ModelfetchModels models;

    ModelfetchHealth3(ModelfetchModels models) {
        this.models = models;
    }

    @Override
    public Health health() {
        Standing standing = Standing.of(models);
        return Health.status(standing.status()).withDetails(standing.details()).build();
    }
}
