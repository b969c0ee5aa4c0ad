# verity-sign on Node's image, for those who build images with an engine:
#
#   docker build --tag verity-sign .
#
# The released image is smaller and is not made from this file: `npm run image` writes it (docs/container-image.md).

FROM scratch AS oras-amd64
ADD --checksum=sha256:9ce999f8d2de03fc03968b29d743077a58783e545e5eaa53917ca177352d0e59 \
  https://github.com/oras-project/oras/releases/download/v1.3.3/oras_1.3.3_linux_amd64.tar.gz /oras.tar.gz

FROM scratch AS oras-arm64
ADD --checksum=sha256:ac7156f93a21e903f7ad606c792f3560f17e0cd0e36365634701b1e7cc4e4eca \
  https://github.com/oras-project/oras/releases/download/v1.3.3/oras_1.3.3_linux_arm64.tar.gz /oras.tar.gz

# hadolint ignore=DL3006
FROM oras-${TARGETARCH} AS oras

FROM node:24-trixie-slim

# Debian removes a version with the next one, so none is pinned.
# hadolint ignore=DL3008
RUN apt-get update \
  && apt-get install --yes --no-install-recommends ca-certificates \
  && rm -rf /var/lib/apt/lists/*

COPY CHANGELOG.md LICENSE README.md action.yml package.json /usr/local/lib/node_modules/verity-sign/
COPY dist /usr/local/lib/node_modules/verity-sign/dist

RUN --mount=type=bind,from=oras,source=/oras.tar.gz,target=/mnt/oras.tar.gz \
  tar --extract --gzip --file /mnt/oras.tar.gz --directory /usr/local/bin --no-same-owner oras \
  && ln --symbolic ../lib/node_modules/verity-sign/dist/cli.js /usr/local/bin/verity-sign

USER 65532:65532
WORKDIR /work
ENTRYPOINT ["/usr/local/bin/verity-sign"]
CMD ["--help"]
