#!/bin/sh
# Builds the Debian packages of the agent on a compute node: build.sh FOLDER [VERSION]
#   raingauge-agent  the poller, its unit, its settings and its user; for every architecture
#   raingauge-node   the Node that it runs on, where the system's own is older than 24
# It wants a clone with its packages (`npm install`), dpkg-deb, and nothing from the network.
set -eu
out=$1
root=$(cd "$(dirname "$0")/../.." && pwd)
here=$root/deploy/debian
version=${2:-$(sed -n 's/^  "version": "\(.*\)",$/\1/p' "$root/package.json")}
compression=${DEB_COMPRESSION:-xz}
# The same sources make the same bytes.
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git -C "$root" log -1 --format=%ct 2>/dev/null || date +%s)}
export SOURCE_DATE_EPOCH
stage=$(mktemp -d)
trap 'rm -rf "$stage"' EXIT
umask 022
mkdir -p "$out"

# pack NAME ARCHITECTURE: what was staged under NAME, with its control file, as a package.
pack() {
  tree=$stage/$1
  install -d "$tree/DEBIAN" "$tree/usr/share/doc/$1"
  install -m 0644 "$here/copyright" "$tree/usr/share/doc/$1/copyright"
  printf '%s (%s) unstable; urgency=medium\n\n  * See the CHANGELOG of Raingauge.\n\n -- The Raingauge authors <raingauge@example.org>  %s\n' \
    "$1" "$version" "$(LC_ALL=C date --utc --rfc-email --date="@$SOURCE_DATE_EPOCH")" \
    | gzip -9n > "$tree/usr/share/doc/$1/changelog.gz"
  size=$(du --apparent-size -sk "$tree" | cut -f1)
  sed -e "s/@VERSION@/$version/" -e "s/@ARCHITECTURE@/$2/" -e "s/@SIZE@/$size/" "$here/$1.control" > "$tree/DEBIAN/control"
  (cd "$tree" && find . -path ./DEBIAN -prune -o -type f -print | sed 's|^\./||' | LC_ALL=C sort | xargs -d '\n' md5sum > DEBIAN/md5sums)
  find "$tree" -exec touch --no-dereference --date="@$SOURCE_DATE_EPOCH" {} +
  dpkg-deb --root-owner-group -Z"$compression" --build "$tree" "$out/$1_${version}_$2.deb"
}

# The agent: the poller and what it imports, laid out as in the repository.
agent=$stage/raingauge-agent
lib=$agent/usr/lib/raingauge
install -d "$lib/services/lib" "$lib/node_modules/@raingauge"
printf '{ "private": true, "type": "module" }\n' > "$lib/package.json"
cd "$root"
node "$here/closure.mjs" services/poller | sort -u > "$stage/closure"
while read -r path; do
  case $path in
    node_modules/@raingauge/*)
      real=$(readlink -f "$path"); real=${real#"$root/"}
      install -d "$lib/$(dirname "$real")"
      cp -R "$real" "$lib/$real"
      rm -rf "$lib/$real/node_modules"
      ln -s "../../$real" "$lib/$path"
      ;;
    *)
      install -d "$lib/$(dirname "$path")"
      cp -RL "$path" "$lib/$path"
      ;;
  esac
done < "$stage/closure"
# What only tests, editors and other platforms want.
find "$lib" \( -name '*.test.ts' -o -name 'fixtures' -o -name 'golden' -o -name 'conformance*' \) -path '*/services/*' -prune -exec rm -rf {} +
find "$lib/node_modules" \( -name '*.map' -o -name '*.d.ts' -o -name '*.d.mts' -o -name '*.d.cts' -o -name '.*' -o -iname '*.md' \) -not -name 'LICENSE*' -prune -exec rm -rf {} + 2>/dev/null || true
find "$lib" -type f -exec chmod 0644 {} +
install -m 0755 "$here/node" "$lib/node"
install -d "$agent/usr/lib/systemd/system" "$agent/usr/lib/sysusers.d" "$agent/etc/raingauge"
# The same unit as without a package, but for where things are and as whom it runs.
sed -e 's|/opt/raingauge/bin/node|/usr/lib/raingauge/node|; s|/opt/raingauge/services|/usr/lib/raingauge/services|' \
  -e 's|^Documentation=.*|Documentation=file:/usr/share/doc/raingauge-agent/README|' \
  -e 's|^DynamicUser=yes|User=raingauge|' "$root/deploy/systemd/raingauge-poller.service" > "$agent/usr/lib/systemd/system/raingauge-poller.service"
install -m 0644 "$here/raingauge.sysusers" "$agent/usr/lib/sysusers.d/raingauge-agent.conf"
install -m 0644 "$here/poller.env" "$agent/etc/raingauge/poller.env"
install -d "$agent/DEBIAN" "$agent/usr/share/doc/raingauge-agent"
install -m 0644 "$here/README.package" "$agent/usr/share/doc/raingauge-agent/README"
for script in postinst prerm postrm; do install -m 0755 "$here/raingauge-agent.$script" "$agent/DEBIAN/$script"; done
echo /etc/raingauge/poller.env > "$agent/DEBIAN/conffiles"
pack raingauge-agent all

# Node, where this clone was given one by npm (`.node`), or where NODE names one (none: no such package).
node=${NODE:-$(find "$root"/.node/*/bin/node 2>/dev/null | head -n 1)}
if [ -n "$node" ] && [ "$node" != none ]; then
  install -d "$stage/raingauge-node/usr/lib/raingauge/bin"
  install -m 0755 "$node" "$stage/raingauge-node/usr/lib/raingauge/bin/node"
  if command -v strip > /dev/null; then strip --strip-unneeded "$stage/raingauge-node/usr/lib/raingauge/bin/node"; fi
  pack raingauge-node "$(dpkg --print-architecture)"
fi
