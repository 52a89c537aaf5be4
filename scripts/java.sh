# shellcheck shell=bash
# Finds a JDK 25 and a Maven, and builds when sources are newer than the build.

is_jdk_25() { [ -x "$1/bin/javac" ] && grep -q '^JAVA_VERSION="25[."]' "$1/release" 2>/dev/null; }

java_on_path() {
    have java || return 0
    java -XshowSettings:properties -version 2>&1 | sed -n 's/^ *java\.home = //p'
}

find_jdk() {
    local home
    is_jdk_25 "${JAVA_HOME:-}" && export JAVA_HOME && return
    while IFS= read -r home; do
        if is_jdk_25 "$home"; then
            export JAVA_HOME=$home
            return
        fi
    done <<EOF
$(java_on_path)
$(ls -d /usr/lib/jvm/* /Library/Java/JavaVirtualMachines/*/Contents/Home ~/.sdkman/candidates/java/* ~/.jdks/* \
        ~/.jdks/*/Contents/Home /opt/homebrew/opt/openjdk@25/libexec/openjdk.jdk/Contents/Home 2>/dev/null)
EOF
    die "no JDK 25 found in JAVA_HOME, PATH, /usr/lib/jvm, /Library/Java, ~/.sdkman or ~/.jdks; install one (https://adoptium.net) or set JAVA_HOME"
}

# The installed Maven if it is new enough, else the wrapper's.
maven() {
    local version
    if have mvn; then
        version=$(mvn -v 2>/dev/null | sed -n 's/.*Apache Maven \([0-9.]*\).*/\1/p')
        case $version in
            3.8.[0-6] | 3.8) ;;
            *) version_at_least "$version" 3.8 && echo mvn && return ;;
        esac
    fi
    echo ./mvnw
}

# The mark is as old as the start of the last build that succeeded, so that no edit made meanwhile is missed.
build() {
    if [ -n "$(server_jar)" ] && [ -e "$STATE/built" ] && [ -z "$(find pom.xml src/main -newer "$STATE/built" | head -n 1)" ]; then
        return
    fi
    say "building (the first build downloads dependencies and takes a few minutes)"
    : >"$STATE/building"
    own_group "$(maven)" -B -ntp -q -Dmaven.test.skip=true package
    await_child || die "the build failed"
    mv "$STATE/building" "$STATE/built"
}
