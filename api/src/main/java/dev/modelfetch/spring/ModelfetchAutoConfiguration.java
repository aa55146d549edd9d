package dev.modelfetch.spring;

import dev.modelfetch.Modelfetch;
import dev.modelfetch.SourceChoice;
import dev.modelfetch.micrometer.ModelfetchMetrics;
import dev.modelfetch.spi.ModelSourceProvider;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.endpoint.SanitizableData;
import org.springframework.boot.actuate.endpoint.SanitizingFunction;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnExpression;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.Environment;
import org.springframework.core.io.ResourceLoader;
import org.springframework.core.task.VirtualThreadTaskExecutor;
import org.springframework.scheduling.concurrent.CustomizableThreadFactory;

/** Makes {@link Modelfetch} and {@link ModelfetchModels} beans, in Spring Boot 3.5 and 4. */
@AutoConfiguration
@EnableConfigurationProperties(ModelfetchProperties.class)
public final class ModelfetchAutoConfiguration {

    private static final String THREADS = "modelfetch-";
    private static final int VIRTUAL_THREADS_SINCE = 21;

    /**
     * Sources are those on the class path and {@link ModelSourceProvider} beans. Closed after the beans that use it.
     *
     * @throws dev.modelfetch.FetchException.Usage if properties are unreadable or contradict each other
     */
    @Bean(destroyMethod = "close")
    @ConditionalOnMissingBean
    Modelfetch modelfetch(
            ModelfetchProperties properties,
            ConfigurableEnvironment environment,
            ResourceLoader resources,
            ObjectProvider<ModelSourceProvider> sources,
            ObjectProvider<ModelfetchCustomizer> customizers) {
        ClassLoader loader = resources.getClassLoader();
        Modelfetch.Builder builder = Modelfetch.builder().threads(threads(environment, loader));
        if (properties.environment()) {
            builder.environment(variables(environment));
        }
        say(properties, builder);
        sources.orderedStream().forEach(builder::provider);
        customizers.orderedStream().forEach(customizer -> customizer.customize(builder));
        return within(loader, builder);
    }

    private static void say(ModelfetchProperties properties, Modelfetch.Builder builder) {
        Optional.ofNullable(properties.cacheDirectory()).ifPresent(builder::cacheDirectory);
        properties.endpoints().forEach(builder::endpoint);
        properties.tokens().forEach((source, token) -> builder.token(source, token));
        properties.tokenFiles().forEach(builder::tokenFile);
        properties.proxies().forEach(builder::proxy);
        Optional.ofNullable(properties.caBundle()).ifPresent(builder::caBundle);
        Optional.ofNullable(properties.maxJobs()).ifPresent(builder::maxJobs);
        Optional.ofNullable(properties.maxConnections()).ifPresent(builder::maxConnections);
        Optional.ofNullable(properties.bytesPerSecond()).ifPresent(rate -> builder.bytesPerSecond(rate.toBytes()));
        Optional.ofNullable(properties.source())
                .map(SourceChoice::parse)
                .ifPresent(choice -> builder.defaults(request -> request.source(choice)));
        if (properties.offline()) {
            builder.offline();
        }
    }

    private static Map<String, String> variables(ConfigurableEnvironment environment) {
        Map<String, String> variables = new LinkedHashMap<>();
        environment.getSystemEnvironment().forEach((name, value) -> variables.put(name, String.valueOf(value)));
        return variables;
    }

    /** Whoever asks first lends a job its thread's context otherwise, which may be that of one request. */
    private static ThreadFactory threads(Environment environment, @Nullable ClassLoader loader) {
        ThreadFactory factory = threads(environment);
        return task -> {
            Thread thread = factory.newThread(task);
            thread.setContextClassLoader(loader);
            return thread;
        };
    }

    private static ThreadFactory threads(Environment environment) {
        if (environment.getProperty("spring.threads.virtual.enabled", Boolean.class, false)
                && Runtime.version().feature() >= VIRTUAL_THREADS_SINCE) {
            return new VirtualThreadTaskExecutor(THREADS).getVirtualThreadFactory();
        }
        CustomizableThreadFactory factory = new CustomizableThreadFactory(THREADS);
        factory.setDaemon(true);
        return factory;
    }

    /** Sources are looked for where the application is, whichever thread makes the bean. */
    private static Modelfetch within(@Nullable ClassLoader loader, Modelfetch.Builder builder) {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(loader);
        try {
            return builder.build();
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    @Bean
    @ConditionalOnMissingBean
    ModelfetchModels modelfetchModels(
            ModelfetchProperties properties, Modelfetch modelfetch, ResourceLoader resources) {
        return new ModelfetchModels(modelfetch, NamedModel.of(properties, modelfetch, resources));
    }

    @Bean
    RequiredModels modelfetchRequiredModels(ModelfetchModels models) {
        return new RequiredModels(models);
    }

    /** With Micrometer; Spring Boot binds it to the registry, if there is one. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(MeterBinder.class)
    static class Metrics {

        @Bean
        @ConditionalOnMissingBean
        ModelfetchMetrics modelfetchMetrics() {
            return new ModelfetchMetrics();
        }

        @Bean
        @Order(Ordered.HIGHEST_PRECEDENCE)
        ModelfetchCustomizer modelfetchMetricsCustomizer(ModelfetchMetrics metrics) {
            return builder -> builder.listener(metrics);
        }
    }

    /** Neither generation knows the annotation with which the other turns an indicator off. */
    private static final String HEALTH_IS_WANTED =
            "${management.health.modelfetch.enabled:${management.health.defaults.enabled:true}}";

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(name = "org.springframework.boot.health.contributor.HealthIndicator")
    @ConditionalOnExpression(HEALTH_IS_WANTED)
    static class Health {

        @Bean
        @ConditionalOnMissingBean(name = "modelfetchHealthIndicator")
        ModelfetchHealth modelfetchHealthIndicator(ModelfetchModels models) {
            return new ModelfetchHealth(models);
        }
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(name = "org.springframework.boot.actuate.health.HealthIndicator")
    @ConditionalOnExpression(HEALTH_IS_WANTED)
    static class Health3 {

        @Bean
        @ConditionalOnMissingBean(name = "modelfetchHealthIndicator")
        ModelfetchHealth3 modelfetchHealthIndicator(ModelfetchModels models) {
            return new ModelfetchHealth3(models);
        }
    }

    /** Pages that show the values of properties do not show these, even where they show all others. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(SanitizingFunction.class)
    static class Secrets {

        @Bean
        SanitizingFunction modelfetchSecrets() {
            return data -> isSecret(data) ? data.withSanitizedValue() : data;
        }

        private static boolean isSecret(SanitizableData data) {
            String key = data.getKey().toLowerCase(Locale.ROOT).replace('_', '.');
            return key.startsWith("modelfetch.tokens") || key.startsWith("modelfetch.proxies");
        }
    }
}
