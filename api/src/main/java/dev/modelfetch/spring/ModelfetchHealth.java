package dev.modelfetch.spring;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/** {@link Standing} for Spring Boot 4. */
final class ModelfetchHealth implements HealthIndicator {

    private final ModelfetchModels models;

    ModelfetchHealth(ModelfetchModels models) {
        this.models = models;
    }

    @Override
    public Health health() {
        Standing standing = Standing.of(models);
        return Health.status(standing.status()).withDetails(standing.details()).build();
    }
}
