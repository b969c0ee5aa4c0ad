#!/usr/bin/env bash
# What a user would write to sign the layers of an image without verity-sign.
# usage: sign-image.sh JOBS PROFILE KEY CERTIFICATE FOLDER LAYERS
# LAYERS is a file with a line BLOB COMPRESSION UUID for each layer. Root hashes and signatures are written
# to FOLDER, with the names of the blobs. JOBS 1 signs one layer after the other, more run under xargs -P.
set -euo pipefail

jobs=$1 layers=$6
export profile=$2 key=$3 certificate=$4 folder=$5
export salt=0000000000000000000000000000000000000000000000000000000000000000

build() { # build UUID IMAGE: makes an image of the tar on standard input
  if [ "$profile" = containerd-tar-index ]; then
    mkfs.erofs --tar=i --aufs --quiet -b4096 -T0 --mkfs-time -U "$1" "$2"
  else
    mkfs.erofs --tar=f --aufs --quiet -Enoinline_data -b4096 -T0 --mkfs-time --sort=none -U "$1" "$2"
  fi
}

sign_layer() { # sign_layer BLOB COMPRESSION UUID
  local blob=$1 compression=$2 uuid=$3 block=4096
  local out tar
  out=$folder/$(basename "$blob")
  tar=$out.tar

  if [ "$profile" != containerd-tar-index ]; then
    case $compression in
      gzip) gzip -dc "$blob" | build "$uuid" "$out.erofs" ;;
      zstd) zstd -dcq "$blob" | build "$uuid" "$out.erofs" ;;
      plain) build "$uuid" "$out.erofs" <"$blob" ;;
    esac
  else # the tar follows its index
    block=512
    case $compression in
      gzip) gzip -dc "$blob" | tee -p "$tar" | build "$uuid" "$out.erofs" ;;
      zstd) zstd -dcq "$blob" | tee -p "$tar" | build "$uuid" "$out.erofs" ;;
      plain) build "$uuid" "$out.erofs" <"$blob" && tar=$blob ;;
    esac
    cat "$tar" >>"$out.erofs"
    rm -f "$out.tar"
  fi

  veritysetup format --hash=sha256 --salt="$salt" --data-block-size=$block --hash-block-size=$block \
    "$out.erofs" "$out.hash" | sed -n 's/^Root hash:[[:space:]]*//p' | tr -d '\n' >"$out.root-hash"
  openssl smime -sign -binary -noattr -outform DER -signer "$certificate" -inkey "$key" \
    -in "$out.root-hash" -out "$out.p7s"
  rm -f "$out.erofs" "$out.hash"
}

if [ "$jobs" = 1 ]; then
  while read -r blob compression uuid; do
    sign_layer "$blob" "$compression" "$uuid" </dev/null
  done <"$layers"
else
  export -f build sign_layer
  xargs -P "$jobs" -L 1 bash -euo pipefail -c 'sign_layer "$@"' sign-layer <"$layers"
fi
