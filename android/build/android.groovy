/*
 * What the Android Gradle plugin would do, for a plain Maven build on the JVM. Runs once per build, in generate-sources.
 *
 * 1. An AAR is a zip with classes.jar, perhaps more jars in libs/, and resources. Maven cannot put it on a class path, so each resolved AAR is
 *    repacked as one jar, and the artifact is made to point to that jar: the Kotlin compiler, javac and surefire then see nothing but jars.
 * 2. The resources of all AARs and of the app are compiled and linked by aapt2 into resources.ap_ and R.java, as on a device.
 * 3. Robolectric finds both through test_config.properties on the test class path.
 *
 * Debian's aapt2 (package `aapt`) cannot read Android 15's framework, so resources are linked against Android 14's; tests run on 15.
 */
import java.util.zip.ZipEntry
import java.util.zip.ZipFile
import java.util.zip.ZipInputStream
import java.util.zip.ZipOutputStream

def target = new File(project.build.directory)
def jars = new File(target, 'aar')
def resources = new File(target, 'res')
def generated = new File(target, 'generated-sources/r')
[jars, resources, generated].each { it.mkdirs() }

def aapt2 = { List arguments ->
    def process = new ProcessBuilder((['aapt2'] + arguments)*.toString()).redirectErrorStream(true).start()
    def output = process.inputStream.text
    if (process.waitFor() != 0) throw new RuntimeException("aapt2 ${arguments[0]} failed:\n$output")
}

/** Puts classes.jar and libs/*.jar of an AAR into one jar; the first of two equal names wins. */
def repack = { ZipFile aar, File jar ->
    def seen = [] as Set
    new ZipOutputStream(jar.newOutputStream()).withCloseable { out ->
        aar.entries().findAll { it.name ==~ /classes\.jar|libs\/.*\.jar/ }.each { inner ->
            def input = new ZipInputStream(aar.getInputStream(inner))
            ZipEntry entry
            while ((entry = input.nextEntry) != null) {
                if (!entry.directory && seen.add(entry.name)) {
                    out.putNextEntry(new ZipEntry(entry.name))
                    out << input
                }
            }
        }
    }
}

/** Compiles an AAR's resources to [compiled]; an AAR without any leaves no file. */
def compileResources = { ZipFile aar, File unpacked, File compiled ->
    aar.entries().findAll { it.name.startsWith('res/') && !it.directory }.each {
        def file = new File(unpacked, it.name.substring('res/'.length()))
        file.parentFile.mkdirs()
        file.bytes = aar.getInputStream(it).bytes
    }
    if (unpacked.exists()) aapt2(['compile', '--dir', unpacked, '-o', compiled])
}

def jarHandler = project.artifacts.find { it.type == 'jar' }.artifactHandler
def packages = [] as TreeSet
def libraries = []
project.artifacts.findAll { it.type == 'aar' }.each { artifact ->
    def name = "${artifact.groupId}.${artifact.artifactId}-${artifact.version}"
    def jar = new File(jars, "${name}.jar")
    def compiled = new File(resources, "${name}.zip")
    // Written last: where it exists, an earlier build has done the rest.
    def packageName = new File(resources, "${name}.package")
    if (!packageName.exists()) {
        new ZipFile(artifact.file).withCloseable { aar ->
            repack(aar, jar)
            compileResources(aar, new File(resources, name), compiled)
            def manifest = aar.getInputStream(aar.getEntry('AndroidManifest.xml'))
            packageName.text = new groovy.xml.XmlSlurper().parse(manifest).@package.text()
        }
    }
    packages << packageName.text
    if (compiled.exists()) libraries << compiled
    artifact.file = jar
    artifact.artifactHandler = jarHandler
}

def own = new File(resources, 'app.zip')
def linked = new File(target, 'resources.ap_')
def manifest = new File(project.basedir, 'src/main/AndroidManifest.xml')
def framework = project.artifacts.find { it.artifactId == 'android-all' }.file
aapt2(['compile', '--dir', new File(project.basedir, 'src/main/res'), '-o', own])
aapt2(['link', '-o', linked, '-I', framework, '--manifest', manifest, '--auto-add-overlay', '--java', generated,
       '--extra-packages', packages.join(':')] + (libraries + own).collectMany { ['-R', it] })
project.addCompileSourceRoot(generated.path)

def config = new File(project.build.testOutputDirectory, 'com/android/tools/test_config.properties')
config.parentFile.mkdirs()
config.text = """\
    android_merged_manifest=$manifest
    android_resource_apk=$linked
    android_custom_package=dev.pocketdesk.sample
    """.stripIndent()
