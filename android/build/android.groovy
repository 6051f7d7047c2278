/*
 * Does the work of the Android Gradle plugin in a plain Maven build on the JVM. Runs in generate-sources of every Android module.
 *
 * 1. An AAR is a zip with classes.jar, perhaps more jars in libs/, and resources. Maven cannot put it on a class path. So each resolved AAR is
 *    repacked as one jar in android/target, once for all modules, and the artifact is made to point to that jar: the Kotlin compiler, javac and
 *    surefire then see nothing but jars.
 * 2. Where the module names a manifest (`android.manifest`: an app's own, or that of a library's tests), the manifests of Pocketdesk's libraries
 *    are merged into it, as their AARs' manifests would be. AndroidX's are not: an app here writes down itself what it needs of them.
 * 3. The resources of all AARs, of Pocketdesk's libraries and of the module are compiled and linked by aapt2 into resources.ap_ and R.java, as on
 *    a device.
 * 4. Robolectric finds both through test_config.properties on the test class path.
 *
 * A library of Pocketdesk keeps its manifest and resources in META-INF/android of its jar.
 *
 * Debian's aapt2 (package `aapt`) cannot read Android 15's framework, so resources are linked against Android 14's; tests run on 15.
 */
import java.util.zip.ZipEntry
import java.util.zip.ZipFile
import java.util.zip.ZipInputStream
import java.util.zip.ZipOutputStream
import javax.xml.parsers.DocumentBuilderFactory
import javax.xml.transform.TransformerFactory
import javax.xml.transform.dom.DOMSource
import javax.xml.transform.stream.StreamResult

def shared = new File(project.basedir, '../target')
def jars = new File(shared, 'aar')
def resources = new File(shared, 'res')
def target = new File(project.build.directory)
def compiledHere = new File(target, 'res')
def generated = new File(target, 'generated-sources/r')
[jars, resources, compiledHere, generated].each { it.mkdirs() }

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
def compiledResources = []
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
    if (compiled.exists()) compiledResources << compiled
    artifact.file = jar
    artifact.artifactHandler = jarHandler
}

def named = project.properties['android.manifest']
if (!named) return
def ofTests = named.startsWith('src/test/')
def manifest = new File(project.basedir, named)

/** The folders with a manifest and perhaps resources: Pocketdesk's libraries, and this module where the manifest is its tests'. */
def libraries = project.artifacts.findAll { it.groupId == project.groupId && it.type == 'jar' }.collect { artifact ->
    if (artifact.file.directory) return new File(artifact.file, 'META-INF/android')
    def unpacked = new File(compiledHere, artifact.artifactId)
    new ZipFile(artifact.file).withCloseable { jar ->
        jar.entries().findAll { it.name.startsWith('META-INF/android/') && !it.directory }.each {
            def file = new File(unpacked, it.name.substring('META-INF/android/'.length()))
            file.parentFile.mkdirs()
            file.bytes = jar.getInputStream(it).bytes
        }
    }
    unpacked
}
if (ofTests) libraries << new File(project.basedir, 'src/main')
libraries = libraries.findAll { new File(it, 'AndroidManifest.xml').exists() }

def parse = { String text ->
    def factory = DocumentBuilderFactory.newInstance()
    factory.namespaceAware = true
    factory.newDocumentBuilder().parse(new ByteArrayInputStream(text.getBytes('UTF-8')))
}
def children = { node, String tag -> (0..<node.childNodes.length).collect { node.childNodes.item(it) }.findAll { it.nodeName == tag } }
def merged = parse(manifest.getText('UTF-8'))
def app = merged.documentElement
def application = children(app, 'application')[0]
def applicationId = app.getAttribute('package')
libraries.each { folder ->
    def library = parse(new File(folder, 'AndroidManifest.xml').getText('UTF-8').replace('${applicationId}', applicationId)).documentElement
    packages << library.getAttribute('package')
    def asked = children(app, 'uses-permission')*.getAttribute('android:name')
    children(library, 'uses-permission').findAll { !(it.getAttribute('android:name') in asked) }.each {
        app.insertBefore(merged.importNode(it, true), application)
    }
    children(library, 'application').each { of ->
        (0..<of.childNodes.length).each { application.appendChild(merged.importNode(of.childNodes.item(it), true)) }
    }
    def res = new File(folder, 'res')
    if (res.exists()) {
        def compiled = new File(compiledHere, "${library.getAttribute('package')}.zip")
        aapt2(['compile', '--dir', res, '-o', compiled])
        compiledResources << compiled
    }
}
def mergedManifest = new File(target, 'AndroidManifest.xml')
mergedManifest.withOutputStream { TransformerFactory.newInstance().newTransformer().transform(new DOMSource(merged), new StreamResult(it)) }

def own = new File(manifest.parentFile, 'res')
if (own.exists()) {
    def compiled = new File(compiledHere, 'own.zip')
    aapt2(['compile', '--dir', own, '-o', compiled])
    compiledResources << compiled
}
def linked = new File(target, 'resources.ap_')
def framework = project.artifacts.find { it.artifactId == 'android-all' }.file
aapt2(['link', '-o', linked, '-I', framework, '--manifest', mergedManifest, '--auto-add-overlay', '--java', generated,
       '--extra-packages', packages.join(':')] + compiledResources.collectMany { ['-R', it] })
// A library's jar must not hold R: its app makes the R of all packages.
if (ofTests) project.addTestCompileSourceRoot(generated.path) else project.addCompileSourceRoot(generated.path)

def config = new File(project.build.testOutputDirectory, 'com/android/tools/test_config.properties')
config.parentFile.mkdirs()
config.text = """\
    android_merged_manifest=$mergedManifest
    android_resource_apk=$linked
    android_custom_package=$applicationId
    """.stripIndent()
