# syntax=docker/dockerfile:1
# docker build -t weir .
FROM rust:1-bookworm AS build
WORKDIR /src
COPY . .
ENV WEIR_CACHE=/var/cache/weir
RUN --mount=type=cache,target=/var/cache/weir,sharing=locked \
    --mount=type=cache,target=/usr/local/cargo/registry,sharing=locked \
    tools/release.sh && mkdir /data

FROM gcr.io/distroless/static-debian12:nonroot
COPY --from=build /src/release/weir /weir
COPY --from=build --chown=nonroot:nonroot /data /data
USER nonroot
# The only folder that is written to: the file system may be read-only.
VOLUME /data
EXPOSE 8000
ENV WEIR_LISTEN=0.0.0.0:8000 WEIR_DATA=/data
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s CMD ["/weir", "health"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["/weir"]
