# shellcheck shell=bash
# The function package: function.zip, which holds the native executable as `bootstrap`.

# Prints the name that a build of this checkout goes by.
build_name() {
    local version
    version=$(sed -n 's|^  <version>\(.*\)</version>|\1|p' pom.xml | head -n 1)
    version=${version%-SNAPSHOT}-$(git rev-parse --short=12 HEAD)
    [ -z "$(git status --porcelain)" ] || version=$version-$(date -u +%Y%m%d%H%M%S)
    echo "$version"
}

# Builds target/function.zip, which calls itself $1. In Quarkus' builder image: an executable that is linked against
# this machine's C library may not start on Lambda's.
build_package() {
    have docker || die "a native build needs Docker; or take a release: --release v1.2.3"
    find_jdk
    say "building the native executable (ten minutes and 8 GB of memory)"
    "$(maven)" -B -ntp -q -Dmaven.test.skip=true -Dnative -Dquarkus.native.container-build=true \
        "-Dquarkus.application.version=$1" package </dev/null >&2
}

# Whether archive $1 is what Lambda starts, on architecture $2.
check_package() {
    local found bytes
    [ -f "$1" ] || die "there is no $1"
    have unzip || die "unzip is not installed"
    # In two steps: a reader that stops early would make unzip fail.
    found=$(unzip -Z "$1" bootstrap 2>/dev/null) || die "$1 has no bootstrap at its root"
    case $found in
        [-?]rwx*) ;;
        *) die "bootstrap in $1 may not be executed" ;;
    esac
    found=$(executable_architecture "$1")
    [ "$found" = "$2" ] || die "bootstrap in $1 is for $found, not for $2"
    bytes=$(unzip -Z -t "$1" | sed -n 's/.* \([0-9]*\) bytes uncompressed.*/\1/p')
    [ "$bytes" -le 262144000 ] || die "$1 holds $bytes bytes; Lambda takes no more than 262144000"
}

# From the header of the ELF file.
executable_architecture() {
    case $({ unzip -p "$1" bootstrap 2>/dev/null || true; } | od -An -v -tx1 -N20 | tr -d ' \n') in
        7f454c46*b700) echo arm64 ;;
        7f454c46*3e00) echo x86-64 ;;
        *) echo "no known machine" ;;
    esac
}

package() {
    if [ "${1:-}" = check ]; then
        check_package "$(absolute "${2:?dev: name the archive}")" "${3:-arm64}"
        return
    fi
    build_package "$(build_name)"
    check_package target/function.zip "$(executable_architecture target/function.zip)"
    echo "$ROOT/target/function.zip"
}
